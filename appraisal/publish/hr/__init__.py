"""HR's folder (人事): one module per document, each from small values to finished bytes."""
