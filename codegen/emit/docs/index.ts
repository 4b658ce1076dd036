/** Emits `docs/`: the reference of the ABI, a page an interface. */
import { moduleName } from "../../model/names/type-names.ts";
import type { Emitter } from "../emitter.ts";
import { indexPage } from "./index-page.ts";
import { interfacePage } from "./page.ts";

export const docsEmitter: Emitter = {
	name: "docs",
	async emit({ abi }) {
		const pages = abi.interfaces.map((entry) => ({ path: `docs/${moduleName(entry.interface.name)}.md`, content: interfacePage(entry) }));
		return [{ path: "docs/README.md", content: indexPage(abi) }, ...pages];
	},
};
