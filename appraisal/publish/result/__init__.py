"""The sheets of the result workbook (考核结果), one module each; `layout` says where everything stands."""
