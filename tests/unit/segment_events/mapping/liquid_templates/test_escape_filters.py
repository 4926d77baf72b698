"""Filters that write texts in another alphabet."""

import pytest

from tests.unit.segment_events.mapping.conftest import Failure
from tests.unit.segment_events.mapping.liquid_templates.conftest import Printed

HTML = '<p a="1">A &amp; B</p><script><b></script>it\'s<!-- <i> --><'


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "x | escape",
            "&lt;p a=&#34;1&#34;&gt;A &amp;amp; B&lt;/p&gt;"
            "&lt;script&gt;&lt;b&gt;&lt;/script&gt;it&#39;s&lt;!-- &lt;i&gt; --&gt;&lt;",
        ),
        ("'&amp;<&#39;' | escape_once", "&amp;&lt;&#39;"),
        ("'<' | xml_escape", "&lt;"),
        ("x | strip_html", "A &amp; Bit's<"),
        ("'a<script>b<style>c' | strip_html", "abc"),
        ("'a<!--b<' | strip_html", "a<!--b<"),
        ("'a b&é/?!' | url_encode", "a+b%26%C3%A9%2F%3F!"),
        ("'a b!(c)' | cgi_escape", "a+b%21%28c%29"),
        ("'https://a.b/c d?e=[1]&f=é' | uri_escape", "https://a.b/c%20d?e=[1]&f=%C3%A9"),
        ("'a%20b+c%C3%A9' | url_decode", "a b cé"),
        ("'Ünï ✓ 9!' | slugify", "ünï-9"),
        ("'Ünï' | slugify: 'default', true", "Ünï"),
        ("' Ünï x' | slugify: 'ascii'", "n-x"),
        ("'ünï æß' | slugify: 'latin'", "uni-aess"),
        ("'a.b c' | slugify: 'pretty'", "a.b-c"),
        ("'a.B  c' | slugify: 'raw'", "a.b-c"),
        ("'a.B c' | slugify: 'none'", "a.b c"),
        ("'é' | base64_encode", "w6k="),
        ("'w6k=' | base64_decode", "é"),
        ("'w6 k' | base64_decode", "é"),
        ("'a' | sha256", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
        ("'a' | hmac_sha256: 'k'", "78da91511e675587f5b9df78bedebaf5560da2abb88162ee875dcdf744951d9e"),
    ],
)
def test_texts(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, HTML) == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("'%zz' | url_decode", "url_decode needs a text that is URL-encoded"),
        ("'%ff' | url_decode", "url_decode needs a text that is URL-encoded"),
        ("'a' | base64_decode", "base64_decode needs a text in base64"),
        ("'a*==' | base64_decode", "base64_decode needs a text in base64"),
        ("x | url_encode", "half a character cannot be put into an address"),
    ],
)
def test_what_cannot_be_read_fails(failure: Failure, expression: str, reason: str) -> None:
    assert failure({"@liquid": f"{{{{ {expression} }}}}"}, {"x": "\ud83d"}) == ("/v/@liquid", reason)


def test_many_tags_that_are_not_closed_take_no_longer(printed: Printed) -> None:
    text = "<script" * 20_000
    assert printed("x | strip_html", text) == text
