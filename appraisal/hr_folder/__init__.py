"""HR's folder (人事): from the ledger's books to small values, and from them to finished documents.

The documents themselves are made in `appraisal.publish.hr`, which knows nothing of the ledger.
"""

from appraisal.hr_folder.folder import hr_documents, periods_that_wait, periods_to_renew

__all__ = ["hr_documents", "periods_that_wait", "periods_to_renew"]
