/** All items of the main package with a name and a doc comment, in one flat list for most rules. */
import type { Case, Docs, Field, Func, Gates, Interface, Member, Model, Span, TypeDef, World, WorldItem } from "../model/model.ts";

interface SubjectBase {
	/** As messages call it, e.g. `field \`cchat.request.model\``. */
	readonly label: string;
	readonly name: string;
	readonly docs: Docs;
	readonly span: Span;
	/** Present on what may carry `@since`. */
	readonly gates?: Gates;
	/** The interface it belongs to, if any. */
	readonly iface?: Interface;
}

export type Subject =
	| (SubjectBase & { readonly kind: "interface"; readonly item: Interface })
	| (SubjectBase & { readonly kind: "world"; readonly item: World })
	| (SubjectBase & { readonly kind: "record" | "variant" | "enum" | "flags" | "alias" | "resource"; readonly item: TypeDef })
	| (SubjectBase & { readonly kind: "function"; readonly item: Func })
	| (SubjectBase & { readonly kind: "field"; readonly item: Field })
	| (SubjectBase & { readonly kind: "case"; readonly item: Case })
	| (SubjectBase & { readonly kind: "enum case" | "flag"; readonly item: Member })
	| (SubjectBase & { readonly kind: "import" | "export"; readonly item: WorldItem });

export type SubjectKind = Subject["kind"];

const known = new WeakMap<Model, readonly Subject[]>();

/** Computed once, for all rules. */
export function subjectsOf(model: Model): readonly Subject[] {
	const before = known.get(model);
	if (before !== undefined) return before;
	const subjects = [...model.main.interfaces.flatMap(interfaceSubjects), ...model.main.worlds.flatMap(worldSubjects)];
	known.set(model, subjects);
	return subjects;
}

/** Functions the main package's interfaces declare; those of worlds are the guest's side. */
export function interfaceFunctions(model: Model): (Subject & { kind: "function"; iface: Interface })[] {
	return model.main.interfaces.flatMap((iface) =>
		interfaceSubjects(iface).flatMap((subject) => (subject.kind === "function" ? [{ ...subject, iface }] : [])),
	);
}

function interfaceSubjects(iface: Interface): Subject[] {
	return [
		{
			kind: "interface",
			item: iface,
			label: `interface \`${iface.name}\``,
			name: iface.name,
			docs: iface.docs,
			span: iface.span,
			gates: iface.gates,
			iface,
		},
		...iface.types.flatMap((def) => typeSubjects(def, iface.name, iface)),
		...iface.functions.map((func) => functionSubject(func, iface.name, iface)),
	];
}

function worldSubjects(world: World): Subject[] {
	const subjects: Subject[] = [
		{
			kind: "world",
			item: world,
			label: `world \`${world.name}\``,
			name: world.name,
			docs: world.docs,
			span: world.span,
			gates: world.gates,
		},
		...world.types.flatMap((def) => typeSubjects(def, world.name, undefined)),
	];
	for (const [kind, entries] of [
		["import", world.imports],
		["export", world.exports],
	] as const) {
		for (const item of entries) {
			if (item.kind === "function") subjects.push(functionSubject(item.func, world.name, undefined));
			else if (!item.implied) {
				const name = item.name ?? item.interface.name;
				subjects.push({
					kind,
					item,
					label: `${kind} \`${name}\` of world \`${world.name}\``,
					name,
					docs: item.docs,
					span: world.span,
					gates: item.gates,
				});
			}
		}
	}
	return subjects;
}

function typeSubjects(def: TypeDef, owner: string, iface: Interface | undefined): Subject[] {
	const path = `${owner}.${def.name}`;
	const within = iface === undefined ? {} : { iface };
	const subjects: Subject[] = [
		{
			kind: def.kind,
			item: def,
			label: `${def.kind} \`${path}\``,
			name: def.name,
			docs: def.docs,
			span: def.span,
			gates: def.gates,
			...within,
		},
	];
	const member = (item: Member, kind: string): SubjectBase => ({
		label: `${kind} \`${path}.${item.name}\``,
		name: item.name,
		docs: item.docs,
		span: item.span,
		...within,
	});
	switch (def.kind) {
		case "record":
			for (const item of def.fields) subjects.push({ ...member(item, "field"), kind: "field", item });
			break;
		case "variant":
			for (const item of def.cases) subjects.push({ ...member(item, "case"), kind: "case", item });
			break;
		case "enum":
			for (const item of def.cases) subjects.push({ ...member(item, "case"), kind: "enum case", item });
			break;
		case "flags":
			for (const item of def.flags) subjects.push({ ...member(item, "flag"), kind: "flag", item });
			break;
		case "resource":
			for (const item of def.functions) subjects.push(functionSubject(item, path, iface));
			if (def.constructorFunc !== undefined) subjects.push(functionSubject(def.constructorFunc, path, iface));
	}
	return subjects;
}

function functionSubject(func: Func, owner: string, iface: Interface | undefined): Subject & { kind: "function" } {
	const label = func.kind === "constructor" ? `constructor of \`${owner}\`` : `function \`${owner}.${func.name}\``;
	return {
		kind: "function",
		item: func,
		label,
		name: func.name,
		docs: func.docs,
		span: func.span,
		gates: func.gates,
		...(iface === undefined ? {} : { iface }),
	};
}
