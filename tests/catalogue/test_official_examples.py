"""The faults of the official examples of the profile, rebuilt in small: the validator finds each of them, and the docs explain it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from catalogue.namespaces import PREFIXES
from catalogue.validate import validate

PAGE = Path(__file__).parents[2] / "docs" / "official-examples.md"
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()) + "@base <https://elders.example/> .\n"
HVD = "http://data.europa.eu/eli/reg_impl/2023/138/oj"

DATASET = "dcat-contactPoint dcat-theme dct-accessRights dct-creator dct-description dct-identifier dct-publisher dct-title"
SERVICE = """dcat-contactPoint dcat-endpointDescription dcat-endpointURL dcat-theme dct-accessRights dct-description dct-identifier
    dct-license dct-publisher dct-title"""


def _shapes(kind: str, names: str) -> list[str]:
    return [f"{kind}-{name}" for name in names.split()]


EXAMPLES = {
    "dcat:Catalog": (
        """</c> a dcat:Catalogue ; dct:title "Een catalogus"@nl ; dct:description "Om te proeven. Met fouten. Van een ander."@nl ;
            dct:publisher [ a foaf:Agent ; foaf:name "Elders"@nl ] ;
            dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:data@elders.example> ; vcard:hasURL "https://elders.example/" ] ;
            dcat:dataset </d> ; dcat:service </s> .""",
        {"unknown-class", "nothing-checked", "dangling", "Contact-vcard-hasURL"},
    ),
    "dcat:Dataset": (
        f"""</d> a dcat:Dataset ; dct:title "Een dataset"@nl ; dct:description "Een zin"@nl ; dct:identifier "https://elders.example/d" ;
            dct:publisher [ a foaf:Agent ; foaf:name "Elders" ] ; dct:creator [ a foaf:Agent ; foaf:name "Elders" ] ;
            dcat:contactPoint [ a vcard:Kind ; vcard:hasURL <https://elders.example/vraag> ] ;
            dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
            dcat:theme <http://publications.europa.eu/resource/authority/data-theme/EDUC> ;
            dcatap:applicableLegislation <{HVD}> ; dct:conformsTo <https://elders.example/norm> ;
            dct:spatial <https://www.geonames.org/1> ; dcat:distribution </f> .
        </f> a dcat:Distribution .""",
        {
            "nothing-checked",
            "hvd-no-category",
            "hvd-law",
            "Dataset-dct-conformsTo",
            "Dataset-dct-spatial",
            "Distribution-dcat-accessURL",
            "Distribution-dct-license",
            "publisher",
            "place-page",
            "description-short",
            "recommended",
        },
    ),
    "dcat:Distribution": (
        f"""</f> a dcat:Distribution ; dcat:accessURL <https://elders.example/f.shp> ; dcat:downloadURL <https://elders.example/f.shp> ;
            dcatap:applicableLegislation <{HVD}> ; dct:license <http://creativecommons.org/publicdomain/zero/1.0/deed.nl> ;
            dct:conformsTo <https://elders.example/norm.xsd> ;
            dcat:mediaType <https://www.iana.org/assignments/media-types/application/vnd.shp> .
        </g> a dcat:Distribution ; dcat:accessService </s> ; dcat:accessURL <https://elders.example/wms> ;
            dct:license <http://creativecommons.org/publicdomain/zero/1.0/deed.nl> .
        </s> a dcat:DataService .""",
        {
            "nothing-checked",
            "Distribution-dct-conformsTo",
            "recommended",
            *_shapes("DataService", SERVICE),
        },
    ),
    "dcat:DataService": (
        f"""</s> a dcat:DataService ; dct:title "Een dienst"@nl ; dct:description "Een zin"@nl ; dct:identifier "https://elders.example/s" ;
            dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
            dcatap:applicableLegislation <{HVD}> ; dct:applicationProfile <http://www.opengis.net/def/serviceType/ogc/wms> ;
            dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:data@elders.example> ; vcard:hasURL "https://elders.example/" ] ;
            dct:publisher [ a foaf:Agent ; foaf:name "Elders"@nl ] ; dct:creator [ a foaf:Agent ; foaf:name "Elders"@nl ] ;
            dcat:endpointURL <https://elders.example/wms> ; dcat:endpointDescription <https://elders.example/wms?request=GetCapabilities> ;
            foaf:page <https://elders.example/kwaliteit.html> ; dcat:keyword "proef"@nl ;
            dct:language <http://publications.europa.eu/resource/authority/language/NLD> ;
            dct:license <http://creativecommons.org/publicdomain/zero/1.0/deed.nl> ;
            dcat:theme <http://publications.europa.eu/resource/authority/data-theme/EDUC> ; dcat:servesDataset </d> .""",
        {
            "nothing-checked",
            "unknown-property",
            "hvd-service",
            "Contact-vcard-hasURL",
            "DataService-dcat-servesDataset",
            "DataService-foaf-page",
            "publisher",
            "description-short",
        },
    ),
    "dcat:CatalogRecord": (
        """</r> a dcat:CatalogRecord ; dct:conformsTo <https://semiceu.github.io/DCAT-AP/releases/3.0.0> ; foaf:primaryTopic </d> ;
            dct:language <http://publications.europa.eu/resource/authority/language/NLD> ; dct:modified "2019-02-27T15:15:08Z" ;
            dct:source <https://elders.example/metadata/1> .""",
        {
            "nothing-checked",
            "date-type",
            "dangling",
            "CatalogRecord-dct-conformsTo",
            "CatalogRecord-dct-source",
            "CatalogRecord-foaf-primaryTopic",
            "profile-nl",
        },
    ),
    "dcat:DatasetSeries": (
        """</d1> a dcat:Dataset ; dcat:inSeries </q> . </d2> a dcat:Dataset ; dcat:inSeries </q> .
        </q> a dcat:DatasetSeries ; dct:title "Bees"@en .""",
        {
            "nothing-checked",
            "DatasetSeries-dct-description",
            "no-dutch",
            "recommended",
            *_shapes("Dataset", DATASET),
        },
    ),
}
"""Class → the faults of its official example in a text of our own, and what must be found: the rule, or the shape."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_fault_of_the_example_is_found_and_nothing_else(name: str) -> None:
    turtle, expected = EXAMPLES[name]
    findings = validate(Graph().parse(data=HEAD + turtle, format="turtle"))
    assert {finding.shape or finding.code.removeprefix("catalogue.") for finding in findings} == expected


def test_every_finding_is_explained_in_the_docs() -> None:
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    told = {section.partition("\n")[0].strip("` "): section for section in sections}
    for name, (_, expected) in EXAMPLES.items():
        for code in expected:
            assert f"`{code}`" in told[name], f"{name} does not explain {code}"
