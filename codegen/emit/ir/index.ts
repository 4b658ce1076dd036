/** Emits `ir/`: the Canonical IR as TypeScript types, and what is known of its operations. */

import { memoText } from "../../cache/memo.ts";
import { dataTypes } from "../../model/carried/data-types.ts";
import { moduleName } from "../../model/names/type-names.ts";
import type { EmittedFile, Emitter } from "../emitter.ts";
import { header, witSource } from "../kit/header.ts";
import { ENVELOPE_MODULE } from "../kit/schema/envelope-schema.ts";
import { type ReadExtraSchemas, readExtraSchemas } from "../kit/schema/extra-schemas.ts";
import { envelopeModule } from "./envelope-module.ts";
import { extraModule } from "./extra-module.ts";
import { interfaceModule } from "./interface-module.ts";
import { jsonModule } from "./json-module.ts";
import { operationsModule } from "./operations-module.ts";

export function createIrEmitter(readExtra: ReadExtraSchemas = readExtraSchemas): Emitter {
	return {
		name: "ir",
		async emit({ abi, memo }) {
			const files: EmittedFile[] = [];
			const withData = abi.interfaces.map((each) => each.interface).filter((iface) => dataTypes(iface).length > 0);
			for (const iface of withData) files.push({ path: `ir/${moduleName(iface.name)}.ts`, content: interfaceModule(iface, abi.model) });
			for (const extra of await readExtra()) {
				const make = extra.name === ENVELOPE_MODULE ? envelopeModule : extraModule;
				const content = await memoText(memo, ["ir", extra.name, extra.source, JSON.stringify(extra.schema)], () => make(extra));
				files.push({ path: `ir/${extra.name}.ts`, content });
			}
			files.push({ path: "ir/operations.ts", content: operationsModule(abi) });
			files.push({ path: "ir/json.ts", content: `${header(withData.map(witSource))}\n${jsonModule}` });
			return files;
		},
	};
}

export const irEmitter: Emitter = createIrEmitter();
