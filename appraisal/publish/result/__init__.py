"""The sheets of the result workbook (考核结果), one module each; `workbook` puts them together, in the places of `layout`."""
