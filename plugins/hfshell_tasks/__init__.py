"""The tasks and model sources that come with hfshell. They import `hfshell.api` alone, as any plugin does."""
