"""What pyproject.toml cannot say: `rules` and `templates` lie at the top here, and inside the installed package."""

from setuptools import find_packages, setup

SHIPPED = {"rules": ["*.yaml", "*.json"], "templates": ["*.j2", "*.docx", "workbooks/*.xlsx"]}

setup(
    packages=[
        *find_packages(include=["appraisal", "appraisal.*"]),
        *(f"appraisal.{name}" for name in SHIPPED),
    ],
    package_dir={f"appraisal.{name}": name for name in SHIPPED},
    package_data={
        "appraisal.admin": ["self_test.json"],
        "appraisal.publish.templates": ["names.yaml"],
        **{f"appraisal.{name}": patterns for name, patterns in SHIPPED.items()},
    },
)
