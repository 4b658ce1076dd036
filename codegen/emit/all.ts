/** Every emitter of a normal run. Their order does not matter: the writer sorts what they give by path. */
import { backendsEmitter } from "./backends/index.ts";
import { convertEmitter } from "./convert/index.ts";
import { docsEmitter } from "./docs/index.ts";
import type { Emitter } from "./emitter.ts";
import { guestEmitter } from "./guest/index.ts";
import { hostEmitter } from "./host/index.ts";
import { irEmitter } from "./ir/index.ts";
import { registryEmitter } from "./registry/index.ts";
import { schemaEmitter } from "./schema/index.ts";
import { validatorsEmitter } from "./validators/index.ts";
import { wireEmitter } from "./wire/index.ts";
import { witShapeEmitter } from "./wit-shape/index.ts";

export const emitters: readonly Emitter[] = [
	irEmitter,
	schemaEmitter,
	validatorsEmitter,
	witShapeEmitter,
	convertEmitter,
	wireEmitter,
	hostEmitter,
	backendsEmitter,
	guestEmitter,
	docsEmitter,
	registryEmitter,
];
