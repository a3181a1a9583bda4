"""HR's folder (人事): from the ledger's books to small values, and from them to finished documents.

The documents themselves are made in `appraisal.publish.hr`, which knows nothing of the ledger. What is worked out
about a single group, in whatever process, needs no database either: `group` and `contribution`.
"""
