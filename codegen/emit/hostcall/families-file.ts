/** `generated/hostcall/families.ts`: all interfaces gathered. */

import type { HostInterface } from "../../model/host-interface.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { template } from "../kit/template.ts";

interface FamiliesData {
	readonly header: string;
	readonly imports: string;
	readonly families: readonly { readonly member: string; readonly typeName: string; readonly unavailable: string }[];
}

const familiesTemplate = template<FamiliesData>(new URL("./families.hbs", import.meta.url));

export function familiesFile(interfaces: readonly HostInterface[]): string {
	const imports = new Imports();
	const families = interfaces.map(({ name, typeName }) => ({
		member: camelCase(name),
		typeName: imports.type(typeName, `./${name}.ts`),
		unavailable: imports.value(`unavailable${typeName}`, `./${name}.ts`),
	}));
	const sources = interfaces.map(({ entry }) => witSource(entry.interface));
	return familiesTemplate({ header: header(sources), imports: imports.toString(), families });
}
