/** Package registries. Each has an ordinary client: npm, and pip. */
export type Registry = "npm" | "pypi";

/** Package that contains files of a model, pinned by version and digest. */
export interface ModelPackage {
	readonly registry: Registry;
	readonly name: string;
	readonly version: string;
	/** Size of the tarball or wheel, in bytes. */
	readonly bytes: number;
	/** Digest of the tarball or wheel, as its registry spells digests: `sha512-` and base64 for npm, `sha256:` and hexadecimal for PyPI. */
	readonly integrity: string;
}

/** Origin of a file: a path in a package. */
export interface PackagedFile {
	/** Name of one of the model's packages. */
	readonly package: string;
	/** Path in that package. The folder `package/` of npm's tarballs is left out. */
	readonly path: string;
	/** Derivation that makes the file from the packaged one. Absent for a file that is taken as it is. */
	readonly derive?: Derivation;
}

/** Derivations. `moonshine-tokens` writes the list of tokens that the recogniser reads. */
export type Derivation = "moonshine-tokens";

/** File of a model. */
export interface ModelFile {
	/** Name in the folder of the model. */
	readonly name: string;
	readonly bytes: number;
	/** SHA-256 of the file, in lower-case hexadecimal. */
	readonly sha256: string;
	/** Origin of the content: a path in a package, or the text itself. */
	readonly source: PackagedFile | string;
}

/** Description of a model for people, in plain words. */
export interface ModelCard {
	readonly does: string;
	/** Accuracy and speed, where they are known. */
	readonly quality: string;
	readonly weakness: string;
}

/** A model: files that an engine loads together. */
export interface Model {
	readonly name: string;
	readonly title: string;
	/** Operations of the ABI that the model serves. */
	readonly operations: readonly string[];
	/** Languages, as BCP 47 tags. Empty for a model that depends on no language. */
	readonly languages: readonly string[];
	/** Names of the voices. Empty for a model that does not speak. */
	readonly voices: readonly string[];
	/** SPDX identifier of the licence of the weights. */
	readonly license: string;
	/** Fact about the licence that the identifier does not say. */
	readonly licenseNote?: string;
	/** Names of the files with the texts of licences. */
	readonly licenseFiles: readonly string[];
	/** True for a model of the default set: what a host without a provider runs on. */
	readonly default: boolean;
	/** Resident memory of the loaded model with its engine, in bytes, as measured. */
	readonly memoryBytes: number;
	readonly card: ModelCard;
	readonly packages: readonly ModelPackage[];
	readonly files: readonly ModelFile[];
}

/** Returns the size of a model on disk, in bytes. */
export function bytesOnDisk({ files }: Model): number {
	return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Returns the size of a model's packages, in bytes. */
export function bytesToPull({ packages }: Model): number {
	return packages.reduce((sum, { bytes }) => sum + bytes, 0);
}
