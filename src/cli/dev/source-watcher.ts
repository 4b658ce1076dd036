import { type FSWatcher, watch } from "node:fs";
import { dirname, resolve } from "node:path";

/** Time without a change after which `changed` is called, in milliseconds: editors write in several steps. */
const QUIET_MS = 20;

/**
 * Watches the files that a guest is made of. Watches their folders, because editors replace files. Other files
 * in them, such as an editor's backups, are ignored.
 */
export class SourceWatcher implements Disposable {
	readonly #changed: () => void;
	readonly #onFailure: (folder: string, cause: unknown) => void;
	readonly #watchers = new Map<string, FSWatcher>();
	#files: ReadonlySet<string> = new Set();
	#anySource = false;
	#timer: NodeJS.Timeout | undefined;

	/**
	 * @param changed Called after a change, when no other follows at once.
	 * @param onFailure Receives the folders that cannot be watched, with the reason.
	 */
	constructor(changed: () => void, onFailure: (folder: string, cause: unknown) => void) {
		this.#changed = changed;
		this.#onFailure = onFailure;
	}

	/**
	 * Watches these files from now on, and no others.
	 *
	 * @param anySource True to call `changed` for every module in their folders too: after a failed build, the file that mends it may be a new one.
	 */
	use(files: readonly string[], anySource: boolean): void {
		const paths = files.map((file) => resolve(file));
		this.#files = new Set(paths);
		this.#anySource = anySource;
		const folders = new Set(paths.map((path) => dirname(path)));
		for (const [folder, watcher] of this.#watchers)
			if (!folders.has(folder)) {
				watcher.close();
				this.#watchers.delete(folder);
			}
		for (const folder of folders) if (!this.#watchers.has(folder)) this.#add(folder);
	}

	#add(folder: string): void {
		try {
			const watcher = watch(folder, (_event, name) => {
				if (name !== null && !this.#concerns(resolve(folder, name))) return;
				clearTimeout(this.#timer);
				this.#timer = setTimeout(this.#changed, QUIET_MS);
			});
			watcher.on("error", (cause) => {
				watcher.close();
				this.#watchers.delete(folder);
				this.#onFailure(folder, cause);
			});
			this.#watchers.set(folder, watcher);
		} catch (cause) {
			this.#onFailure(folder, cause);
		}
	}

	#concerns(path: string): boolean {
		return this.#files.has(path) || (this.#anySource && SOURCE.test(path));
	}

	[Symbol.dispose](): void {
		clearTimeout(this.#timer);
		for (const watcher of this.#watchers.values()) watcher.close();
		this.#watchers.clear();
	}
}

/** Names of modules. */
const SOURCE = /\.[cm]?[jt]sx?$/;
