import type { LinearMemory } from "../../../../generated/abi/component/lowering/runtime.ts";

/** An address of the guest that leads outside its memory. The call answers `fault`. */
export class AddressFault extends Error {
	override readonly name = "AddressFault";
}

/** The guest's memory. Addresses and lengths are taken as the guest passes them: numbers of 32 bits with or without sign. */
export class WasiMemory {
	#memory: LinearMemory | undefined;

	/** Connects the memory that the guest exports. Without one, no address is valid. */
	attach(memory: LinearMemory | undefined): void {
		this.#memory = memory;
	}

	/** Returns a view of a range. Valid until the guest goes on. @throws AddressFault */
	bytes(pointer: number, length: number): Uint8Array {
		const start = pointer >>> 0;
		const size = length >>> 0;
		const buffer = this.#memory?.buffer;
		if (buffer === undefined || start + size > buffer.byteLength) throw new AddressFault();
		return new Uint8Array(buffer, start, size);
	}

	/** As {@link bytes}, for numbers. @throws AddressFault */
	view(pointer: number, length: number): DataView {
		const { buffer, byteOffset } = this.bytes(pointer, length);
		return new DataView(buffer, byteOffset, length);
	}

	/** @throws AddressFault */
	setU32(pointer: number, value: number): void {
		this.view(pointer, 4).setUint32(0, value, true);
	}

	/** @throws AddressFault */
	setU64(pointer: number, value: bigint): void {
		this.view(pointer, 8).setBigUint64(0, value, true);
	}
}
