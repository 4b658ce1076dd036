import type { Derivation, Model, ModelCard, ModelFile, ModelPackage, PackagedFile, Registry } from "./model.ts";
import { booleanAt, integerAt, listAt, membersOf, oneOf, textAt, textsAt } from "./read-members.ts";

/** Every model that a store knows. */
export interface Manifest {
	readonly models: readonly Model[];
}

const REGISTRIES: readonly Registry[] = ["npm", "pypi"];
const DERIVATIONS: readonly Derivation[] = ["moonshine-tokens"];

/** Names of models, and of files: path segments that no file system reads as anything else. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const INTEGRITY: Readonly<Record<Registry, RegExp>> = { npm: /^sha512-[A-Za-z0-9+/]{86}==$/, pypi: /^sha256:[0-9a-f]{64}$/ };
/** Names and versions that a registry's client reads as nothing but a name and a version. */
const PACKAGE_NAME = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
const VERSION = /^[0-9]+(?:\.[0-9]+)*(?:-[a-z0-9.]+)?$/;

/**
 * Returns a manifest whose members were checked.
 *
 * @param name Name of the manifest in messages.
 * @throws Error that names the first member at fault.
 */
export function parseManifest(value: unknown, name: string): Manifest {
	const models = listAt(membersOf(value, name), "models", name).map((model, index) => parseModel(model, `${name}: models[${index}]`));
	unique(
		models.map((model) => model.name),
		`${name}: models`,
	);
	return { models };
}

function parseModel(value: unknown, path: string): Model {
	const members = membersOf(value, path);
	const packages = listAt(members, "packages", path).map((item, index) => parsePackage(item, `${path}.packages[${index}]`));
	const files = listAt(members, "files", path).map((item, index) => parseFile(item, packages, `${path}.files[${index}]`));
	unique(
		files.map((file) => file.name),
		`${path}.files`,
	);
	const licenseFiles = textsAt(members, "licenseFiles", path);
	for (const license of licenseFiles)
		if (!files.some((file) => file.name === license)) throw new Error(`${path}.licenseFiles: the model has no file '${license}'`);
	return {
		name: textAt(members, "name", path, NAME),
		title: textAt(members, "title", path),
		operations: textsAt(members, "operations", path),
		languages: textsAt(members, "languages", path),
		voices: members.voices === undefined ? [] : textsAt(members, "voices", path),
		license: textAt(members, "license", path),
		...(members.licenseNote === undefined ? {} : { licenseNote: textAt(members, "licenseNote", path) }),
		licenseFiles,
		default: booleanAt(members, "default", path),
		memoryBytes: integerAt(members, "memoryBytes", path),
		card: parseCard(members.card, `${path}.card`),
		packages,
		files,
	};
}

function parseCard(value: unknown, path: string): ModelCard {
	const members = membersOf(value, path);
	return { does: textAt(members, "does", path), quality: textAt(members, "quality", path), weakness: textAt(members, "weakness", path) };
}

function parsePackage(value: unknown, path: string): ModelPackage {
	const members = membersOf(value, path);
	const registry = oneOf(REGISTRIES, members.registry, `${path}.registry`);
	return {
		registry,
		name: textAt(members, "name", path, PACKAGE_NAME),
		version: textAt(members, "version", path, VERSION),
		bytes: integerAt(members, "bytes", path),
		integrity: textAt(members, "integrity", path, INTEGRITY[registry]),
	};
}

function parseFile(value: unknown, packages: readonly ModelPackage[], path: string): ModelFile {
	const members = membersOf(value, path);
	return {
		name: textAt(members, "name", path, NAME),
		bytes: integerAt(members, "bytes", path),
		sha256: textAt(members, "sha256", path, SHA256),
		source: members.text === undefined ? parseOrigin(members.from, packages, `${path}.from`) : textAt(members, "text", path),
	};
}

function parseOrigin(value: unknown, packages: readonly ModelPackage[], path: string): PackagedFile {
	const members = membersOf(value, path);
	const name = textAt(members, "package", path);
	if (!packages.some((candidate) => candidate.name === name)) throw new Error(`${path}.package: the model has no package '${name}'`);
	return {
		package: name,
		path: textAt(members, "path", path),
		...(members.derive === undefined ? {} : { derive: oneOf(DERIVATIONS, members.derive, `${path}.derive`) }),
	};
}

/** File systems that ignore case must not merge two names. */
function unique(names: readonly string[], path: string): void {
	const seen = new Set<string>();
	for (const name of names) {
		if (seen.has(name.toLowerCase())) throw new Error(`${path}: two are named '${name}'`);
		seen.add(name.toLowerCase());
	}
}
