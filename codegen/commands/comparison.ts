/** The two kinds of packages that `breaking` compares: interfaces of components, and hostcalls of core modules. */
import { compareSurfaces } from "../breaking/compare.ts";
import { compareCoreSurfaces } from "../breaking/core/compare-core.ts";
import { parseCoreLock } from "../breaking/core/core-lock.ts";
import { coreSurfaceOf } from "../breaking/core/core-surface.ts";
import type { Finding } from "../breaking/finding.ts";
import { parseLock } from "../breaking/lock-format.ts";
import type { StateReader } from "../breaking/read-against.ts";
import { surfaceOf } from "../breaking/surface-of-model.ts";
import { checkCore } from "../lint/core/check-core.ts";
import { hasTag } from "../model/abi.ts";
import type { Model } from "../model/model.ts";

/** A way to compare two states of a package. */
export interface Comparison<S extends { readonly id: string }> extends StateReader<S> {
	compare(before: S, after: S): readonly Finding[];
}

export const COMPONENTS: Comparison<ReturnType<typeof surfaceOf>> = {
	ofModel: (model) => ({ surface: surfaceOf(model), diagnostics: [] }),
	ofLock: parseLock,
	compare: compareSurfaces,
};

export const CORE_HOSTCALLS: Comparison<ReturnType<typeof coreSurfaceOf>> = {
	ofModel(model) {
		const { abi, diagnostics } = checkCore(model);
		return abi === undefined || diagnostics.length > 0 ? { diagnostics } : { surface: coreSurfaceOf(abi), diagnostics };
	},
	ofLock: parseCoreLock,
	compare: compareCoreSurfaces,
};

/** True for a package of hostcalls of core modules: an interface names the module of its imports. */
export function describesCoreHostcalls({ main }: Model): boolean {
	return main.interfaces.some((each) => hasTag(each, "core-module"));
}
