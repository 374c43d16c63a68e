"""The bots giaoban is measured against, each a process of its own with its library as it comes."""
