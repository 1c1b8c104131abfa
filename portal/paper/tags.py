"""The structure that a reading program follows: headings, paragraphs, tables, pictures.

The PDF library knows only a flat list of figures; a table needs rows and cells below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fpdf.output import OutputProducer
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject, PDFString


class Element(StructElem):
    """An element that may say its text in the order of reading."""

    __slots__ = ("actual_text",)

    def __init__(self, kind: str, parent: PDFObject, page: int) -> None:
        super().__init__(struct_type=f"/{kind}", parent=parent, kids=[], page_number=page)
        self.actual_text: PDFString | None = None


class Tags(StructureTreeBuilder):
    """The tree of a document; `leaf` is content on a page, `group` holds leaves and groups."""

    def group(self, kind: str, page: int, parent: StructElem | None = None) -> Element:
        """Open an element such as Table or TR below `parent`, or below the document."""
        above = parent or self.doc_struct_elem
        element = Element(kind, above, page)
        above.k.append(element)
        return element

    def leaf(
        self,
        kind: str,
        page: int,
        parent: StructElem | None = None,
        *,
        alt: str = "",
        spoken: str = "",
    ) -> tuple[int, int]:
        """Add an element for marked content; return its number on the page and the page's own."""
        pages_own = self.spid_per_page_number.setdefault(page, len(self.spid_per_page_number))
        on_page = self.struct_tree_root.parent_tree.nums[pages_own]
        element = self.group(kind, page, parent)
        element.k.append(len(on_page))
        element.alt = PDFString(alt) if alt else None
        element.actual_text = PDFString(spoken) if spoken else None
        on_page.append(element)
        return len(on_page) - 1, pages_own

    def __iter__(self) -> Iterator[PDFObject]:
        yield self.struct_tree_root
        yield self.doc_struct_elem
        yield self.struct_tree_root.parent_tree
        yield from self.elements()

    def elements(self) -> Iterator[StructElem]:
        """Go through all elements below the document, parents first."""
        waiting = list(self.doc_struct_elem.k)
        while waiting:
            element = waiting.pop(0)
            yield element
            waiting = [kid for kid in element.k if isinstance(kid, StructElem)] + waiting


class TaggedOutput(OutputProducer):
    """Writes the file; tells nested elements, too, on which page they lie."""

    def _add_structure_tree(self) -> Any:
        root = super()._add_structure_tree()
        pages = [item for item in self.pdf_objs if type(item).__name__ == "PDFPage"]
        for element in self.fpdf.struct_builder.elements():  # type: ignore[attr-defined]
            number = element.page_number()
            element.pg = pages[number - 1]
        return root
