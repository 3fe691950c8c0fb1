"""Parses XML from strangers: no entity of its own is expanded, nothing outside the file is opened."""

from html.entities import name2codepoint
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException, DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.ElementTree import DefusedXMLParser

from pipeline.reading.drafts import UnreadableError

_DEEPEST = 100


def parse_xml(data: bytes) -> Element:
    """The root element of `data`, namespaces kept in the tag names.

    The named characters of HTML (`&nbsp;`) are known, since JATS files use them by way of a DTD that is not
    loaded. Raises UnreadableError for malformed XML, for XML that declares entities, and for absurd nesting.
    """
    parser = DefusedXMLParser(target=TreeBuilder(), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    parser.entity.update({name: chr(code) for name, code in name2codepoint.items()})
    try:
        parser.feed(data)
        root: Element = parser.close()
    except EntitiesForbidden as error:
        raise UnreadableError(
            f"declares the XML entity {error.name!r}; files that define entities are not opened, since such "
            "entities can fill the memory or read other files; save it without a DOCTYPE"
        ) from error
    except (ExternalReferenceForbidden, DTDForbidden, DefusedXmlException) as error:
        raise UnreadableError("refers to files outside itself by its DOCTYPE; save it without one") from error
    except ParseError as error:
        line, column = error.position
        raise UnreadableError(
            f"is not well-formed XML (line {line}, column {column + 1}: {_reason(error)}); fetch it again or correct it"
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that does not exist or takes several bytes
        raise UnreadableError(f"is XML in an encoding that cannot be read ({error}); save it as UTF-8") from error
    _check_depth(root)
    return root


def _reason(error: ParseError) -> str:
    return str(error).partition(":")[0]


def _check_depth(root: Element) -> None:
    """Readers walk the tree by recursion, so its depth is bounded here, without recursion."""
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise UnreadableError(f"nests XML elements more than {_DEEPEST} deep, which no article does")
