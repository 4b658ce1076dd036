(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (param i32 i32 i32 i32 i32) (result i32)))
  (type (;5;) (func (param i32 i32) (result i32)))
  (type (;6;) (func))
  (type (;7;) (func (param i32 i32 i32)))
  (import "spear" "cchat_create" (func (;0;) (type 3)))
  (import "spear" "cchat_write_msg" (func (;1;) (type 4)))
  (import "spear" "cchat_write_fn" (func (;2;) (type 0)))
  (import "spear" "cchat_send" (func (;3;) (type 5)))
  (import "spear" "cchat_recv" (func (;4;) (type 1)))
  (import "spear" "log" (func (;5;) (type 1)))
  (import "spear" "cchat_close" (func (;6;) (type 2)))
  (import "spear" "cchat_ctl" (func (;7;) (type 0)))
  (table (;0;) 2 2 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 99696)
  (export "memory" (memory 0))
  (export "_start" (func 8))
  (export "__indirect_function_table" (table 0))
  (elem (;0;) (i32.const 1) func 11)
  (func (;8;) (type 6)
    (local i32 i32 i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 1
    global.set 0
    call 0
    local.tee 0
    i32.const 1308
    i32.const 1392
    call 9
    local.get 0
    i32.const 1328
    i32.const 16384
    call 9
    local.get 0
    i32.const 1323
    i32.const 4
    i32.const 1281
    i32.const 1281
    call 10
    call 1
    drop
    local.get 0
    i32.const 1
    i32.const 1024
    i32.const 1024
    call 10
    call 2
    drop
    local.get 0
    i32.const 2
    call 3
    local.set 2
    local.get 1
    i32.const 16384
    i32.store offset=12
    local.get 2
    i32.const 17776
    local.get 1
    i32.const 12
    i32.add
    call 4
    i32.const 0
    i32.lt_s
    if ;; label = @1
      unreachable
    end
    i32.const 2
    i32.const 17776
    local.get 1
    i32.load offset=12
    call 5
    drop
    local.get 2
    call 6
    drop
    local.get 0
    call 6
    drop
    local.get 1
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;9;) (type 7) (param i32 i32 i32)
    (local i32 i32 i32 i32)
    global.get 0
    i32.const 144
    i32.sub
    local.tee 3
    global.set 0
    local.get 3
    i32.const 1343
    i32.store offset=16
    local.get 3
    local.get 1
    i32.store offset=12
    local.get 3
    i32.const 1354
    i32.store offset=8
    i32.const 0
    local.set 1
    loop ;; label = @1
      block ;; label = @2
        local.get 5
        i32.const 3
        i32.eq
        if ;; label = @3
          i32.const 0
          local.set 4
          loop ;; label = @4
            local.get 3
            i32.const 22
            i32.add
            local.get 4
            i32.add
            local.get 2
            local.get 2
            i32.const 10
            i32.div_u
            local.tee 5
            i32.const 10
            i32.mul
            i32.sub
            i32.const 48
            i32.or
            i32.store8
            local.get 4
            i32.const 1
            i32.add
            local.set 4
            local.get 2
            i32.const 9
            i32.gt_u
            local.get 5
            local.set 2
            br_if 0 (;@4;)
          end
          local.get 3
          i32.const 21
          i32.add
          local.set 2
          loop ;; label = @4
            local.get 4
            i32.eqz
            br_if 2 (;@2;)
            local.get 3
            i32.const 32
            i32.add
            local.get 1
            i32.add
            local.get 2
            local.get 4
            i32.add
            i32.load8_u
            i32.store8
            local.get 1
            i32.const 1
            i32.add
            local.set 1
            local.get 4
            i32.const 1
            i32.sub
            local.set 4
            br 0 (;@4;)
          end
          unreachable
        end
        local.get 3
        i32.const 8
        i32.add
        local.get 5
        i32.const 2
        i32.shl
        i32.add
        i32.load
        local.set 4
        loop ;; label = @3
          local.get 4
          i32.load8_u
          local.tee 6
          if ;; label = @4
            local.get 3
            i32.const 32
            i32.add
            local.get 1
            i32.add
            local.get 6
            i32.store8
            local.get 4
            i32.const 1
            i32.add
            local.set 4
            local.get 1
            i32.const 1
            i32.add
            local.set 1
            br 1 (;@3;)
          else
            local.get 5
            i32.const 1
            i32.add
            local.set 5
            br 3 (;@1;)
          end
          unreachable
        end
        unreachable
      end
    end
    local.get 3
    i32.const 32
    i32.add
    local.tee 2
    local.get 1
    i32.add
    i32.const 125
    i32.store8
    local.get 3
    local.get 1
    i32.const 1
    i32.add
    i32.store offset=140
    local.get 0
    i32.const 1
    local.get 2
    local.get 3
    i32.const 140
    i32.add
    call 7
    drop
    local.get 3
    i32.const 144
    i32.add
    global.set 0
  )
  (func (;10;) (type 2) (param i32) (result i32)
    (local i32 i32)
    loop ;; label = @1
      local.get 0
      local.get 1
      i32.add
      local.get 1
      i32.const 1
      i32.add
      local.set 1
      i32.load8_u
      br_if 0 (;@1;)
    end
    local.get 1
    i32.const 1
    i32.sub
  )
  (func (;11;) (type 0) (param i32 i32 i32 i32) (result i32)
    (local i32 i32)
    i32.const 1227
    local.set 4
    local.get 0
    local.get 1
    i32.const 1371
    call 12
    i32.eqz
    if ;; label = @1
      i32.const 1200
      i32.const 1256
      local.get 0
      local.get 1
      i32.const 1363
      call 12
      select
      local.set 4
    end
    local.get 3
    i32.load
    local.set 0
    local.get 3
    local.get 4
    call 10
    local.tee 1
    i32.store
    i32.const -28
    local.set 5
    block ;; label = @1
      local.get 0
      local.get 1
      i32.lt_u
      br_if 0 (;@1;)
      i32.const 0
      local.set 5
      i32.const 0
      local.set 0
      loop ;; label = @2
        local.get 0
        local.get 1
        i32.ge_u
        br_if 1 (;@1;)
        local.get 0
        local.get 2
        i32.add
        local.get 0
        local.get 4
        i32.add
        i32.load8_u
        i32.store8
        local.get 0
        i32.const 1
        i32.add
        local.set 0
        local.get 3
        i32.load
        local.set 1
        br 0 (;@2;)
      end
      unreachable
    end
    local.get 5
  )
  (func (;12;) (type 1) (param i32 i32 i32) (result i32)
    (local i32 i32 i32 i32 i32 i32)
    local.get 2
    call 10
    local.set 7
    loop ;; label = @1
      block ;; label = @2
        local.get 4
        local.get 7
        i32.add
        local.tee 8
        local.get 1
        i32.gt_u
        br_if 0 (;@2;)
        local.get 2
        local.set 5
        local.get 0
        local.set 6
        local.get 7
        local.set 3
        loop ;; label = @3
          local.get 3
          i32.eqz
          br_if 1 (;@2;)
          local.get 6
          i32.load8_u
          local.get 5
          i32.load8_u
          i32.eq
          if ;; label = @4
            local.get 5
            i32.const 1
            i32.add
            local.set 5
            local.get 6
            i32.const 1
            i32.add
            local.set 6
            local.get 3
            i32.const 1
            i32.sub
            local.set 3
            br 1 (;@3;)
          end
        end
        local.get 0
        i32.const 1
        i32.add
        local.set 0
        local.get 4
        i32.const 1
        i32.add
        local.set 4
        local.get 3
        br_if 1 (;@1;)
      end
    end
    local.get 1
    local.get 8
    i32.ge_u
  )
  (data (;0;) (i32.const 1024) "{\22type\22:\22function\22,\22function\22:{\22name\22:\22stock\22,\22description\22:\22Counts a part on hand.\22,\22parameters\22:{\22type\22:\22object\22,\22properties\22:{\22sku\22:{\22type\22:\22string\22}},\22required\22:[\22sku\22]}}}\00{\22sku\22:\22M8-40\22,\22onHand\22:0}\00{\22sku\22:\22M6-20\22,\22onHand\22:480}\00{\22error\22:\22unknown part\22}\00call stock {\22sku\22:\22M6-20\22}\00tool_arena_ptr\00user\00tool_arena_len\00\22,\22value\22:\00{\22key\22:\22\00\22M8-40\22\00\22M6-20\22")
)
