import { test } from "uvu";
import * as assert from "uvu/assert";
import { GENERAL_TARGETS } from "../../../codegen/emit/targets.ts";
import { readWit, readWitText } from "../../../codegen/wit/read.ts";
import { ROOT } from "../../helpers/guest.ts";
import { layOutCorpus } from "../../helpers/wit-corpus.ts";

async function jsonOf(model: NonNullable<Awaited<ReturnType<typeof readWit>>["model"]>): Promise<string> {
	const target = await GENERAL_TARGETS.json?.load();
	const files = new Map<string, string>();
	await target?.(model, { write: (path, content) => files.set(path, String(content)), report: () => {} });
	assert.equal([...files.keys()], ["model.json"]);
	return files.get("model.json") ?? "";
}

test("a package as JSON names what it refers to, and has no places", async () => {
	const { model } = readWitText(`package a:b@1.0.0;
interface i {
	/// A box.
	resource box { get: func() -> option<item>; }
	record item { name: string }
	record pair { items: list<item> }
}
world w {
	import i;
	import mine: interface { f: func(x: u8); }
	export run: func();
}`);
	if (model === undefined) throw new Error("the WIT of this test is wrong");
	const { packages } = JSON.parse(await jsonOf(model));
	const [{ interfaces, worlds }] = packages;
	assert.equal(interfaces[0].types[2].fields[0].type, { kind: "list", element: { kind: "named", def: "a:b/i#item" } });
	assert.equal(interfaces[0].types[0].functions[0].result, { kind: "option", some: { kind: "named", def: "a:b/i#item" } });
	assert.is(interfaces[0].types[0].docs.text, "A box.");
	assert.equal(
		worlds[0].imports.map((item: { interface: unknown }) => (typeof item.interface === "string" ? item.interface : "inline")),
		["a:b/i@1.0.0", "inline"],
	);
});

test("every package that is shipped here has a form as JSON, the same each time", async () => {
	const corpus = await layOutCorpus(ROOT);
	try {
		for (const { directory, origin } of corpus.packages) {
			const { model } = await readWit(directory, { features: "all" });
			if (model === undefined) throw new Error(origin);
			const text = await jsonOf(model);
			assert.is(text, await jsonOf(model), origin);
			assert.not.match(text, '"span"');
			JSON.parse(text);
		}
	} finally {
		await corpus.dispose();
	}
});

test.run();
