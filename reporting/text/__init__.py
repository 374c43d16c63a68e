"""Text in, words out: cleaned, masked and folded words, and the lists of words the reading knows."""
