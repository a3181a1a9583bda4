"""The sheets of the result workbook (考核结果); `workbook` puts them together, in the places of `layout`.

Each is a module, but for 结果运用 and 数据核对说明, which share `outcomes`.
"""
