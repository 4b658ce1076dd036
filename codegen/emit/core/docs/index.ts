/** Emits `docs/core.md`: the reference of the hostcalls of core modules. */

import { importName } from "../../../model/build-abi.ts";
import type { CoreAbi } from "../../../model/core/core-abi.ts";
import { snakeCase } from "../../../model/names/spelling.ts";
import type { EmittedFile } from "../../emitter.ts";
import { notice, witSource } from "../../kit/header.ts";
import { markdownTable } from "../../kit/markdown-table.ts";
import { template } from "../../kit/template.ts";
import { importSection } from "./import-section.ts";
import { coreTypeSection } from "./type-section.ts";

interface PageData {
	readonly notice: string;
	readonly title: string;
	readonly summary: string;
	readonly header: string;
	readonly imports: string;
	readonly errors: string;
	readonly sections: readonly { readonly title: string; readonly text: string }[];
}

const pageTemplate = template<PageData>(new URL("./page.hbs", import.meta.url));

export function docsFiles(abi: CoreAbi): EmittedFile[] {
	const { main } = abi.model;
	const page = pageTemplate({
		notice: notice(main.interfaces.map(witSource)),
		title: importName(main.id, "").replace("/", ""),
		summary: main.docs.text,
		header: `${snakeCase(main.id.namespace)}_${snakeCase(main.id.name)}.h`,
		imports: importTable(abi),
		errors: markdownTable(
			["Number", "Error", "Meaning"],
			abi.errnos.map(({ name, number, docs }) => [String(-number), `\`${name}\``, docs.text]),
		),
		sections: abi.interfaces.map(({ interface: iface, imports }) => ({
			title: `Interface \`${iface.name}\``,
			text: [
				`${iface.docs.text}\n`,
				...imports.map(importSection),
				...iface.types.map((def) => (def === abi.errno ? "" : coreTypeSection(def))),
			]
				.filter((part) => part !== "")
				.join("\n"),
		})),
	});
	return [{ path: "docs/core.md", content: `${page.trimEnd()}\n` }];
}

function importTable({ interfaces }: CoreAbi): string {
	const rows = interfaces.flatMap(({ interface: iface, imports }) =>
		imports.map((each) => [
			`\`${each.module}\``,
			`[\`${each.name}\`](#${each.name})`,
			`\`${iface.name}\``,
			`\`${each.signature.replace(">", " → ").trim()}\``,
			each.waits ? "yes" : "",
		]),
	);
	return `${markdownTable(["Module", "Import", "Interface", "Type", "Waits"], rows)}\n\`i\` is i32, \`I\` i64, \`f\` f32 and \`F\` f64.\n`;
}
