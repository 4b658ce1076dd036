import { test } from "uvu";
import * as assert from "uvu/assert";
import { entriesOf, search } from "../../../../codegen/emit/docs/html/search.js";
import { searchIndex } from "../../../../codegen/emit/docs/html/search-index.ts";
import { Outline } from "../../../../codegen/emit/docs/outline.ts";
import { projectAbi } from "../../../helpers/codegen.ts";

const entries = entriesOf(searchIndex(new Outline(await projectAbi())));

function found(question: string): string[] {
	return search(entries, question).map(({ id }) => id);
}

test("the index has every item and every part of one, with its kind, its place and the first sentence on it", () => {
	const byId = new Map(entries.map((entry) => [entry.id, entry]));
	const { kind, name, place, text } = byId.get("rt.session.try-next") ?? {};
	assert.equal([name, kind, place], ["try-next", "method", "rt.session"]);
	assert.is(text, "Returns the next event without waiting, or none if no event is queued.");
	assert.equal(
		["rt", "agent", "agent:export.run", "types.error-code", "types.error-code.timeout", "rt.request.model", "types.json"].map(
			(id) => byId.get(id)?.kind,
		),
		["interface", "world", "export", "enum", "case", "field", "type"],
	);
	assert.is(byId.get("agent:export.run")?.place, "agent export");
	assert.is(byId.get("rt")?.place, "");
	assert.is(byId.size, entries.length);
});

test("an item is found by its name, in any spelling, and the nearest name comes first", () => {
	assert.is(found("error-code")[0], "types.error-code");
	assert.is(found("errorCode")[0], "types.error-code");
	assert.is(found("ERROR_CODE")[0], "types.error-code");
	assert.is(found("cchat")[0], "cchat");
	assert.is(found("session.connect")[0], "rt.session.connect");
	const names = search(entries, "sess").map(({ name }) => name);
	assert.is(names[0], "session");
});

test("every word of a question must occur", () => {
	assert.is(found("rt truncate")[0], "rt.session.truncate");
	assert.equal(found("truncate nowhere-to-be-found"), []);
	assert.equal(found("  "), []);
});

test("an item is found by the words of its comment", () => {
	assert.ok(found("mu-law").includes("rt.audio-format.g711-ulaw"));
});

test.run();
