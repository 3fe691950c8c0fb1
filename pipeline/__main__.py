"""`python -m pipeline` is the command `myoclaims`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
