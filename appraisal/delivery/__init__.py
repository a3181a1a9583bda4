"""What is circulated: messages made of issued papers, written down, sent once, and what became of each."""
