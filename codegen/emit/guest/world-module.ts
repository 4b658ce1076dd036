/** The exports of a world's guest, as types to check its functions against. */
import type { Func, World, WorldItem } from "../../model/model.ts";
import type { NameScope } from "../../model/names/name-scope.ts";
import { signatureName } from "../../model/names/reserved.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { typeName } from "../../model/names/type-names.ts";
import { docComment, docText } from "../kit/doc-comment.ts";
import { parameters, returned } from "../kit/guest-types/definition.ts";
import { type GuestScope, guestType } from "../kit/guest-types/type-text.ts";
import { delimited } from "../kit/layout.ts";

/** Names within the module of a world. */
interface WorldScope extends GuestScope {
	readonly names: NameScope;
}

/** Types the world uses, then its exports. Of these the guest receives parameters and sends results. */
export function worldBody(world: World, scope: WorldScope): string {
	const uses = world.uses.map(({ name, target }) => `\texport type ${scope.names.take(typeName({ name }))} = ${scope.named(target)};\n`);
	return [...uses, ...world.exports.map((item) => exported(item, scope))].join("\n");
}

function exported(item: WorldItem, scope: WorldScope): string {
	if (item.kind === "function") {
		const { func } = item;
		const type = delimited("(", parameters(func, "received", scope), `) => ${returned(func, "sent", scope)}`, 1);
		return `${exportDoc(func, 1, scope)}\texport type ${scope.names.take(typeName(func))} = ${type};\n`;
	}
	const functions = item.interface.functions.map((func) => {
		const signature = delimited(
			`${signatureName(camelCase(func.name))}(`,
			parameters(func, "received", scope),
			`): ${returned(func, "sent", scope)};`,
			2,
		);
		return `${exportDoc(func, 2, scope)}\t\t${signature}\n`;
	});
	return `${docComment(docText(item.interface), 1)}\texport interface ${scope.names.take(typeName({ name: item.name ?? item.interface.name }))} {\n${functions.join("")}\t}\n`;
}

function exportDoc(func: Func, depth: number, scope: GuestScope): string {
	const err = func.result?.kind === "result" ? func.result.err : undefined;
	const throws = err === undefined ? "" : `@throws ${guestType(err, "sent", scope)} itself, or an object with one as its \`payload\``;
	return docComment([docText(func), throws].filter((part) => part !== "").join("\n\n"), depth);
}
