"""`python -m hfshell.kernel`: become a kernel."""

from hfshell.kernel.process import main

if __name__ == "__main__":
    main()
