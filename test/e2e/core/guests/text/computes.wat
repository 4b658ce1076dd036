(module
  (type (;0;) (func (param i32 i32 i32) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32 i32)))
  (import "spear" "log" (func (;0;) (type 0)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 67104)
  (export "memory" (memory 0))
  (export "_start" (func 1))
  (export "__indirect_function_table" (table 0))
  (func (;1;) (type 1)
    (local i32 i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 0
    global.set 0
    i32.const 1024
    i32.const 5
    call 2
    i32.const 1030
    i32.const 1
    call 2
    global.get 0
    i32.const 32
    i32.sub
    local.tee 1
    global.set 0
    local.get 1
    i32.const 51
    i32.store8
    local.get 1
    i32.const 1
    call 2
    local.get 1
    i32.const 32
    i32.add
    global.set 0
    i32.const 2
    i32.const 1056
    i32.const 1040
    i32.load
    call 0
    drop
    i32.const 1040
    i32.const 0
    i32.store
    local.get 0
    i32.const 0
    i32.store offset=12
    loop ;; label = @1
      local.get 0
      local.get 0
      i32.load offset=12
      i32.const 1
      i32.add
      i32.store offset=12
      br 0 (;@1;)
    end
    unreachable
  )
  (func (;2;) (type 2) (param i32 i32)
    (local i32 i32 i32)
    i32.const 1040
    i32.load
    local.set 4
    loop ;; label = @1
      block ;; label = @2
        local.get 1
        local.get 2
        i32.gt_s
        if ;; label = @3
          local.get 2
          local.get 4
          i32.add
          local.tee 3
          i32.const 512
          i32.lt_s
          br_if 1 (;@2;)
        end
        return
      end
      local.get 3
      i32.const 1056
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 1040
      local.get 3
      i32.const 1
      i32.add
      i32.store
      local.get 2
      i32.const 1
      i32.add
      local.set 2
      br 0 (;@1;)
    end
    unreachable
  )
  (data (;0;) (i32.const 1024) "waits\00=")
)
