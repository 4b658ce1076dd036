/** Every emitter of a normal run. Their order does not matter: the writer sorts what they give by path. */
import { backendsEmitter } from "./backends/index.ts";
import type { Emitter } from "./emitter.ts";
import { irEmitter } from "./ir/index.ts";
import { registryEmitter } from "./registry/index.ts";
import { schemaEmitter } from "./schema/index.ts";

export const emitters: readonly Emitter[] = [irEmitter, schemaEmitter, backendsEmitter, registryEmitter];
