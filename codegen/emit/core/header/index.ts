/** Emits `guest/core/<package>.h`: imports, constants and records for guests in C and C++, with helpers. */
import type { CoreAbi } from "../../../model/core/core-abi.ts";
import type { EmittedFile } from "../../emitter.ts";
import { notice, witSource } from "../../kit/header.ts";
import { template } from "../../kit/template.ts";
import { CNames } from "./c-names.ts";
import { Declarations } from "./declarations.ts";
import { commandHelpers, growingHelpers } from "./helpers.ts";
import { cComment } from "./layout.ts";

interface HeaderData {
	readonly notice: string;
	readonly GUARD: string;
	/** The namespace of the package, as names of functions and of macros begin. */
	readonly prefix: string;
	readonly PREFIX: string;
	readonly summary: string;
	readonly sections: string;
	readonly commands: string;
	readonly helpers: string;
}

const headerTemplate = template<HeaderData>(new URL("./header.hbs", import.meta.url));

export function headerFiles(abi: CoreAbi): EmittedFile[] {
	const { main } = abi.model;
	const names = new CNames(abi);
	const declarations = new Declarations(abi, names);
	const imports = abi.interfaces.flatMap((each) => each.imports);
	const content = headerTemplate({
		notice: notice(main.interfaces.map(witSource)),
		GUARD: `${names.upper(main.id.name)}_H`,
		prefix: names.prefix,
		PREFIX: names.prefix.toUpperCase(),
		summary: cComment(main.docs.text),
		// What others use comes first.
		sections: sorted(abi)
			.map((iface) => declarations.section(iface))
			.join(""),
		commands: imports.map((each) => commandHelpers(each, names)).join(""),
		helpers: imports.map((each) => growingHelpers(each, names)).join(""),
	});
	return [{ path: `guest/core/${names.lower(main.id.name)}.h`, content }];
}

/** Interfaces without functions first: they hold the types that others share. */
function sorted({ model }: CoreAbi): CoreAbi["model"]["main"]["interfaces"] {
	const { interfaces } = model.main;
	return [...interfaces.filter(({ functions }) => functions.length === 0), ...interfaces.filter(({ functions }) => functions.length > 0)];
}
