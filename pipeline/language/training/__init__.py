"""How the shipped language model is made from public corpora; nothing here runs in the product."""
