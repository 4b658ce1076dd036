import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { backendKinds } from "../../../generated/registry.ts";
import { BackendConfigError, type BackendConfigFault, type BackendKind } from "../../../src/backends/backend.ts";

const PAGE = readFileSync(new URL("../../../src/backends/kinds/README.md", import.meta.url), "utf8");

/** Returns the section of the page about a kind. */
function sectionOf({ name }: BackendKind): string {
	const [, section = ""] = PAGE.split(`\n## ${name}\n`);
	return section.split("\n## ")[0] ?? "";
}

/** Returns the options of a kind, in a dotted spelling: those that the fault of an unknown option lists. */
function optionsOf(kind: BackendKind): string[] {
	const unknown = { "no such option": true };
	const faults = faultsOf(kind, { ...unknown, timeouts: unknown });
	const options = faults.flatMap(({ path, known = [] }) => {
		const table = path.slice(1, -1).join(".");
		return known.filter((option) => option !== "timeouts").map((option) => (table === "" ? option : `${table}.${option}`));
	});
	return [...new Set(options)];
}

function faultsOf(kind: BackendKind, options: Readonly<Record<string, unknown>>): readonly BackendConfigFault[] {
	try {
		kind.create({ name: "main", kind: kind.name, base_url: "https://api.example.com/v1", models: [], options });
	} catch (thrown) {
		if (thrown instanceof BackendConfigError) return thrown.faults;
		throw thrown;
	}
	return [];
}

for (const kind of backendKinds) {
	test(`the page about kinds lists exactly the options of ${kind.name}`, () => {
		const listed = [...sectionOf(kind).matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, option]) => option);
		assert.equal([...listed].sort(), optionsOf(kind).sort());
	});
}

test.run();
