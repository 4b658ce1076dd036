import { posix } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { docsEmitter } from "../../../../codegen/emit/docs/index.ts";
import { anchor } from "../../../../codegen/emit/docs/markdown/pieces.ts";
import { abiOf, emitOne, emitText, projectAbi } from "../../../helpers/codegen.ts";
import { PAINT } from "../../../helpers/codegen-wit.ts";
import { assertGolden } from "../../../helpers/golden.ts";
import { LAMP } from "../../../helpers/lamp-wit.ts";

test("a family's page tells operation, features, functions and types, each with its links", async () => {
	assertGolden(await emitOne(docsEmitter, abiOf(PAINT), "docs/paint.md"), "codegen/docs/paint.md");
});

test("a function says whether it waits and whether it can fail", async () => {
	const page = await emitOne(docsEmitter, abiOf(LAMP), "docs/lamp.md");
	assert.ok(page.includes("#### `dimmer.next-change`\n\n```wit\nnext-change: func() -> result<option<setting>, error>;\n```\n"), page);
	assert.ok(
		page.includes(
			"Waits for it to change.\n\nWaits: the guest is suspended until the host answers. May fail with [`error`](types.md#record-error).\n",
		),
	);
	assert.ok(page.includes("#### `dimmer.watch`\n\n```wit\nwatch: func() -> pollable;\n```\n\nWhen it changes.\n\nCannot fail.\n"));
});

test("long signatures are broken, one parameter a line", async () => {
	const wit = LAMP.replace(
		"light: func(setting: setting,",
		"light: func(setting: setting, another-setting-with-a-long-name: option<setting>,",
	);
	assert.ok(
		(await emitOne(docsEmitter, abiOf(wit), "docs/lamp.md")).includes(
			"light: func(\n    setting: setting,\n    another-setting-with-a-long-name: option<setting>,\n    context: option<string>,\n) -> result<report, error>;\n",
		),
	);
});

test("text in a table stays in its cell", async () => {
	const wit = PAINT.replace("/// How many.", "/// One | two\n\t\t///\n\t\t/// or more.");
	assert.ok((await emitOne(docsEmitter, abiOf(wit), "docs/paint.md")).includes("|  | One \\| two or more. |\n"));
});

test("a heading's anchor is the one that renderers give it", () => {
	assert.is(anchor("record `call-options`"), "record-call-options");
	assert.is(anchor("`session.send_it`"), "sessionsend_it");
});

test("every link of the project's reference leads to a heading that is there", async () => {
	const pages = await emitText(docsEmitter, await projectAbi());
	const anchors = new Map([...pages].map(([path, text]) => [path, headings(text)]));
	let checked = 0;
	for (const [path, text] of pages) {
		for (const [, target = "", fragment] of text.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)) {
			const page = target === "" ? path : posix.join(posix.dirname(path), target);
			const known = anchors.get(page);
			assert.ok(known !== undefined, `${path} links to ${page}, which is not there`);
			if (fragment !== undefined) assert.ok(known.includes(fragment), `${path} links to ${page}#${fragment}, which is not there`);
			checked++;
		}
	}
	assert.ok(checked > 100);
});

test("no two headings of a page share an anchor", async () => {
	for (const [path, text] of await emitText(docsEmitter, await projectAbi())) {
		const all = headings(text);
		assert.equal(
			all.filter((each, index) => all.indexOf(each) !== index),
			[],
			path,
		);
	}
});

test("the index lists every interface and every world", async () => {
	const abi = await projectAbi();
	const index = await emitOne(docsEmitter, abi, "docs/README.md");
	for (const { interface: iface } of abi.interfaces) assert.ok(index.includes(`| [\`${iface.name}\`](${iface.name}.md) |`), iface.name);
	for (const world of abi.model.main.worlds) assert.ok(index.includes(`| [\`${world.name}\`](worlds/${world.name}.md) |`), world.name);
});

/** Anchors of a page's headings, by the rule of GitHub: lower case, punctuation out, spaces to hyphens. */
function headings(text: string): string[] {
	return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
		heading
			.toLowerCase()
			.replaceAll(/[`.,:@/]/g, "")
			.replaceAll(" ", "-"),
	);
}

test.run();
