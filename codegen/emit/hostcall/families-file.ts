/** `generated/hostcall/families.ts`: all interfaces gathered. */

import type { HostInterface } from "../../model/host-interface.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { template } from "../kit/template.ts";
import { unavailableName } from "./unavailable.ts";

interface FamiliesData {
	readonly header: string;
	readonly imports: string;
	readonly families: readonly { readonly member: string; readonly typeName: string; readonly unavailable: string }[];
}

const familiesTemplate = template<FamiliesData>(new URL("./families.hbs", import.meta.url));

/** Names that the file declares. */
const DECLARED = ["FamilyFactory", "HostFamilies", "Implementations", "Scope", "T", "UNAVAILABLE", "implement", "provide"];

export function familiesFile(interfaces: readonly HostInterface[]): string {
	const imports = new Imports(DECLARED);
	const families = interfaces.map(({ name, module, typeName }) => ({
		member: camelCase(name),
		typeName: imports.type(typeName, `./${module}.ts`),
		unavailable: imports.value(unavailableName(typeName), `./${module}.ts`),
	}));
	const sources = interfaces.map(({ entry }) => witSource(entry.interface));
	return familiesTemplate({ header: header(sources), imports: imports.toString(), families });
}
