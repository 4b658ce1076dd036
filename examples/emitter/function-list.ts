/**
 * An emitter of one's own for `spear-codegen`: a list of all functions, as a table in Markdown. `spear-codegen.json` names it:
 *
 *     { "emitters": ["function-list.ts"] }
 */
import type { Emitter } from "spear-hostcall/codegen";

const functionList: Emitter = (model, output) => {
	const rows = model.packages.flatMap(({ interfaces }) =>
		interfaces.flatMap(({ name, functions, types }) => {
			const methods = types.flatMap((type) => (type.kind === "resource" ? type.functions : []));
			return [...functions, ...methods].map(
				(func) => `| ${name} | ${func.name} | ${func.params.map((param) => param.name).join(", ")} |\n`,
			);
		}),
	);
	output.write("functions.md", `| interface | function | parameters |\n| --- | --- | --- |\n${rows.join("")}`);
};

export default functionList;
