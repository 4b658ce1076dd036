(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32) (result i32)))
  (type (;3;) (func))
  (type (;4;) (func (param i32)))
  (type (;5;) (func (param i32 i32)))
  (import "spear" "spear_epoll_create" (func (;0;) (type 0)))
  (import "spear" "spear_epoll_wait" (func (;1;) (type 1)))
  (import "spear" "log" (func (;2;) (type 2)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 67104)
  (export "memory" (memory 0))
  (export "_start" (func 3))
  (export "__indirect_function_table" (table 0))
  (func (;3;) (type 3)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 0
    global.set 0
    i32.const 1024
    call 4
    local.get 0
    i32.const 8
    i32.store offset=4
    call 0
    local.get 0
    i32.const 8
    i32.add
    local.get 0
    i32.const 4
    i32.add
    i32.const -1
    call 1
    drop
    i32.const 1030
    call 4
    local.get 0
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;4;) (type 4) (param i32)
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
    local.get 0
    local.get 1
    i32.const 1
    i32.sub
    call 5
    i32.const 1038
    i32.const 1
    call 5
    global.get 0
    i32.const 32
    i32.sub
    local.tee 0
    global.set 0
    local.get 0
    i32.const 49
    i32.store8
    local.get 0
    i32.const 1
    call 5
    local.get 0
    i32.const 32
    i32.add
    global.set 0
    i32.const 2
    i32.const 1056
    i32.const 1040
    i32.load
    call 2
    drop
    i32.const 1040
    i32.const 0
    i32.store
  )
  (func (;5;) (type 5) (param i32 i32)
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
  (data (;0;) (i32.const 1024) "waits\00went_on\00=")
)
