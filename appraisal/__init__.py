"""The monthly appraisal pipeline (月度绩效考核流水线)."""

__version__ = "1.0.0"
