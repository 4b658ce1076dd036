import { isAbsolute } from "node:path";
import { readSecretFile, type SecretFile } from "./secret-file.ts";

/** Variables that hold the keys, by the names in the configuration. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Secrets by the name of an environment variable, or by the absolute path of a file. A variable is read at each use. A file is read at the
 * first use, and again by `refresh`.
 */
export class SecretSources {
	readonly #env: Environment;
	readonly #files = new Map<string, SecretFile>();
	/** Contents of files before the last `refresh`. A request in flight may use one. */
	readonly #former = new Map<string, string>();

	constructor(env: Environment) {
		this.#env = env;
	}

	/** Returns a secret without blanks and line breaks around it; `undefined` if there is none. */
	get(name: string): string | undefined {
		return this.raw(name)?.trim() || undefined;
	}

	/** Returns a secret as it is written. `undefined` for a variable that is not set, and for a file that cannot be used. */
	raw(name: string): string | undefined {
		return isSecretFile(name) ? this.#file(name).secret : this.#env[name];
	}

	/** Returns the reason for which a file cannot be used. `undefined` for any other file, and for a variable. */
	fault(name: string): string | undefined {
		return isSecretFile(name) ? this.#file(name).fault : undefined;
	}

	/** Returns true if the name is that of a file which every user of the machine may read. */
	isPublic(name: string): boolean {
		return isSecretFile(name) && this.#file(name).isPublic;
	}

	/** Reads every file again. */
	refresh(): void {
		for (const [path, { secret }] of this.#files) {
			if (secret !== undefined) this.#former.set(path, secret.trim());
			this.#files.set(path, readSecretFile(path));
		}
	}

	/** Yields the present secret of a name, and the one before it if the name is that of a file. */
	*values(name: string): Generator<string, void, void> {
		const present = this.get(name);
		if (present !== undefined) yield present;
		const former = this.#former.get(name);
		if (former !== undefined && former !== present) yield former;
	}

	#file(path: string): SecretFile {
		const known = this.#files.get(path) ?? readSecretFile(path);
		this.#files.set(path, known);
		return known;
	}
}

/** Returns true for the path of a file with a secret. A name without a folder is that of a variable. */
export function isSecretFile(name: string): boolean {
	return isAbsolute(name);
}
