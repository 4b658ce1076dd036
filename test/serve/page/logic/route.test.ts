import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parsePlace, placeHash } from "../../../../src/serve/page/app/logic/route.ts";

const test = suite("places of the page");

test("an address names a view, a decision and filters", () => {
	assert.equal(parsePlace("#/decisions/abc?status=failed"), { view: "decisions", id: "abc", query: { status: "failed" } });
	assert.equal(parsePlace("#/errors"), { view: "errors", query: {} });
});

test("an unknown address is the overview", () => {
	for (const hash of ["", "#", "#/nowhere", "#/overview/x", "#/__proto__"]) assert.is(parsePlace(hash).view, "overview");
	assert.equal(parsePlace("#/decisions/%E0%A4%A"), { view: "decisions", id: "%E0%A4%A", query: {} });
});

test("every id and filter survives its address", () => {
	const text = fc.string({ unit: "grapheme", minLength: 1 });
	fc.assert(
		fc.property(text, text, (id, model) => {
			const place = parsePlace(placeHash({ view: "decisions", id, query: { model, guest: "" } }));
			assert.equal(place, { view: "decisions", id, query: { model } });
		}),
	);
});

test.run();
