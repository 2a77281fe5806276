"""python -m rnntui"""

from rnntui.cli import main

main()
