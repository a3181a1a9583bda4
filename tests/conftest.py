"""How every test runs: laws are searched without a clock, which a busy machine would make fail by chance."""

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
