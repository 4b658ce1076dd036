/** `guest/wit/worlds.json`: package, version and worlds, so that a guest's build need not parse WIT. */
import { sorted } from "../../model/build-abi.ts";
import type { Model, World } from "../../model/model.ts";
import { notice, witSource } from "../kit/header.ts";
import { formatJson } from "../kit/json.ts";

export function worldsFile({ main }: Model): string {
	return formatJson({
		$comment: notice(main.worlds.map(witSource)),
		package: `${main.id.namespace}:${main.id.name}`,
		version: main.id.version,
		worlds: Object.fromEntries(main.worlds.map((world) => [world.name, importedInterfaces(world)])),
	});
}

/** Interfaces of the world's own package that it imports, explicitly or because something uses their types. */
function importedInterfaces(world: World): string[] {
	const { namespace, name } = world.package;
	return sorted(
		world.imports.flatMap((item) => {
			// An inline interface belongs to the world and has no name that an import could use.
			if (item.kind !== "interface" || item.name !== undefined) return [];
			const owner = item.interface.package;
			return owner.namespace === namespace && owner.name === name ? [item.interface.name] : [];
		}),
	);
}
