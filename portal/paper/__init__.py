"""Paper that the house prints, and how somebody finds out whether a paper is genuine.

`sheet.Sheet` and `letter.Letter` turn content into PDF bytes and know no database; their
content is made of the blocks in `blocks`. `seals` gives a paper a code which the page
/papers/<code>/ confirms.
"""
