"""From a dropped file to a submission: settle, archive, open safely, recognise the form, read its cells."""
