(module
  (type (;0;) (func (param i32 i32 i32) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32 i64)))
  (type (;3;) (func (param i32 i32)))
  (import "spear" "log" (func (;0;) (type 0)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 67120)
  (export "memory" (memory 0))
  (export "_start" (func 1))
  (export "__indirect_function_table" (table 0))
  (func (;1;) (type 1)
    i32.const 1024
    i64.const 4
    call 2
    loop ;; label = @1
      i32.const 16
      memory.grow
      i32.const -1
      i32.ne
      br_if 0 (;@1;)
    end
    i32.const 1030
    memory.size
    i64.extend_i32_u
    call 2
    i32.const 1036
    i64.const 1
    call 2
  )
  (func (;2;) (type 2) (param i32 i64)
    (local i32 i32 i64)
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 2
      i32.const 1
      i32.add
      local.set 2
      i32.load8_u
      br_if 0 (;@1;)
    end
    local.get 0
    local.get 2
    i32.const 1
    i32.sub
    call 3
    i32.const 1044
    i32.const 1
    call 3
    i32.const 0
    local.set 0
    global.get 0
    i32.const 32
    i32.sub
    local.tee 2
    global.set 0
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 1
      local.get 1
      i64.const 10
      i64.div_u
      local.tee 4
      i64.const 10
      i64.mul
      i64.sub
      i32.wrap_i64
      i32.const 48
      i32.or
      i32.store8
      local.get 0
      i32.const 1
      i32.add
      local.set 0
      local.get 1
      i64.const 9
      i64.gt_u
      local.get 4
      local.set 1
      br_if 0 (;@1;)
    end
    local.get 2
    i32.const 1
    i32.sub
    local.set 3
    loop ;; label = @1
      local.get 0
      i32.const 0
      i32.gt_s
      if ;; label = @2
        local.get 0
        local.get 3
        i32.add
        i32.const 1
        call 3
        local.get 0
        i32.const 1
        i32.sub
        local.set 0
        br 1 (;@1;)
      end
    end
    local.get 2
    i32.const 32
    i32.add
    global.set 0
    i32.const 2
    i32.const 1072
    i32.const 1056
    i32.load
    call 0
    drop
    i32.const 1056
    i32.const 0
    i32.store
  )
  (func (;3;) (type 3) (param i32 i32)
    (local i32 i32 i32)
    i32.const 1056
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
      i32.const 1072
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 1056
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
  (data (;0;) (i32.const 1024) "waits\00pages\00went_on\00=")
)
