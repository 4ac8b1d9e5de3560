"""The kinds of charts; `catalogue.py` lists them."""
