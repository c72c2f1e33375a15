import assert from "node:assert/strict";
import fc from "fast-check";
import { DOMParser } from "linkedom";
import { externalLink, fileLink, markup } from "../../pipeline/report/markup.ts";
import { anyText } from "../support/any_text.ts";

Deno.test("markup keeps its own text and escapes values, in elements and in attributes", () => {
  const value = `<b a="1" c='2'>&`;
  assert.equal(
    markup`<p title="${value}">${value}</p>`.toString(),
    `<p title="&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;">&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;</p>`,
  );
});

Deno.test("markup joins lists, nests, and leaves out what is absent", () => {
  const list = ["a", "<"].map((item) => markup`<li>${item}</li>`);
  assert.equal(
    markup`<ul>${list}${null}${undefined}${false}${0}</ul>`.toString(),
    "<ul><li>a</li><li>&lt;</li>0</ul>",
  );
});

Deno.test("any text comes back from the page as it was, but for control characters", () => {
  const text = anyText().filter((value) => !/[^\P{Cc}\n\t]/u.test(value));
  fc.assert(
    fc.property(text, (value) => {
      const document = new DOMParser().parseFromString(
        `<html><body>${markup`<p title="${value}">x${value}</p>`}</body></html>`,
        "text/html",
      );
      assert.equal(document.querySelector("p")!.textContent, `x${value}`);
      assert.equal(document.querySelector("p")!.getAttribute("title"), value);
      assert.equal(document.querySelectorAll("body *").length, 1);
    }),
    { numRuns: 30 },
  );
});

Deno.test("control characters do not reach a page", () => {
  assert.equal(markup`${"a\0\x1b[31m\x9b\r\n\tb"}`.toString(), "a\ufffd\ufffd[31m\ufffd\ufffd\n\tb");
});

Deno.test("only http and https addresses become links", () => {
  assert.match(externalLink("https://example.org/a").toString(), /^<a href="https:\/\/example\.org\/a"/);
  for (
    const address of ["javascript:alert(1)", "data:text/html,x", "//example.org", " https://example.org"]
  ) {
    assert.doesNotMatch(externalLink(address).toString(), /<a/);
  }
});

Deno.test("a file's name is encoded in its link", () => {
  assert.equal(fileLink("a b/c#1?.csv", "c").toString(), `<a href="a%20b/c%231%3F.csv">c</a>`);
});
