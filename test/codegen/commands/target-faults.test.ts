import { test } from "uvu";
import * as assert from "uvu/assert";
import { runGeneral } from "../../../codegen/commands/run-general.ts";
import { inProject } from "./project.ts";

test("what a target has no form for is a finding at its place, or at the beginning of the package", async () => {
	await inProject(async (project) => {
		for (const [name, span, place] of [
			["somewhere", "model.main.interfaces[0].functions[0].span", "wit/ledger.wit:14"],
			["nowhere", "undefined", "wit/ledger.wit:1"],
		] as const) {
			project.put(
				`${name}.ts`,
				`import { UnsupportedType } from ${JSON.stringify(new URL("../../../codegen/model/carried/data-types.ts", import.meta.url).href)};
				export default (model) => { throw new UnsupportedType("no form", ${span}); };`,
			);
			const { diagnostics } = await runGeneral({
				settings: {
					wit: [project.path("wit")],
					out: project.path("generated"),
					targets: [],
					emitters: [project.path(`${name}.ts`)],
					profile: "general",
				},
				mode: "write",
				force: false,
				cwd: project.directory,
			});
			assert.equal(
				diagnostics.map(({ code, message, span: { file, line } }) => [code, message, `${file}:${line}`]),
				[["unsupported-type", "no form", place]],
			);
		}
	});
});

test.run();
