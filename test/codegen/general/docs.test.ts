import * as path from "node:path/posix";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { anchor } from "../../../codegen/emit/docs/markdown/pieces.ts";
import { GENERAL_TARGETS } from "../../../codegen/emit/targets.ts";
import { readWit } from "../../../codegen/wit/read.ts";
import { ROOT } from "../../helpers/guest.ts";
import { assertBalanced, assertLinked } from "../../helpers/html-page.ts";
import { layOutCorpus } from "../../helpers/wit-corpus.ts";

test("every package that is shipped here has a reference whose links lead somewhere", async () => {
	const corpus = await layOutCorpus(ROOT);
	const target = await GENERAL_TARGETS.docs?.load();
	let packages = 0;
	try {
		for (const { directory, origin } of corpus.packages) {
			const { model } = await readWit(directory, { features: "all" });
			if (model === undefined) throw new Error(origin);
			const files = new Map<string, string>();
			await target?.(model, { write: (file, content) => files.set(file, String(content)), report: () => {} });
			const page = files.get("docs/reference.html") ?? "";
			assertBalanced(page);
			assert.ok(assertLinked(page) > 0, origin);
			const headings = new Map([...files].map(([file, text]) => [file, anchorsOf(text)]));
			for (const [file, text] of files) {
				if (!file.endsWith(".md")) continue;
				for (const [, link = "", fragment] of text.matchAll(/`\]\(([^)#]*)(?:#([^)]*))?\)/g)) {
					const linked = link === "" ? file : path.join(path.dirname(file), link);
					const known = headings.get(linked);
					assert.ok(known !== undefined, `${origin}: ${file} links to ${linked}`);
					assert.ok(fragment === undefined || known.has(fragment), `${origin}: ${file} links to ${linked}#${fragment}`);
				}
			}
			packages++;
		}
	} finally {
		await corpus.dispose();
	}
	assert.ok(packages > 20, String(packages));
});

function anchorsOf(text: string): Set<string> {
	return new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading)));
}

test.run();
