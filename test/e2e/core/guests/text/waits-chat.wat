(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;3;) (func (param i32 i32 i32 i32 i32) (result i32)))
  (type (;4;) (func (param i32 i32 i32) (result i32)))
  (type (;5;) (func))
  (type (;6;) (func (param i32 i64)))
  (type (;7;) (func (param i32 i32)))
  (type (;8;) (func (param i32) (result i32)))
  (import "spear" "cchat_create" (func (;0;) (type 0)))
  (import "spear" "cchat_send" (func (;1;) (type 1)))
  (import "spear" "cchat_ctl" (func (;2;) (type 2)))
  (import "spear" "cchat_write_msg" (func (;3;) (type 3)))
  (import "spear" "log" (func (;4;) (type 4)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 67152)
  (export "memory" (memory 0))
  (export "_start" (func 5))
  (export "__indirect_function_table" (table 0))
  (func (;5;) (type 5)
    (local i32 i32)
    i32.const 1055
    i64.const 2
    call 6
    call 0
    local.set 0
    global.get 0
    i32.const 16
    i32.sub
    local.tee 1
    global.set 0
    local.get 1
    i32.const 1024
    call 8
    i32.store offset=12
    local.get 0
    i32.const 1
    i32.const 1024
    local.get 1
    i32.const 12
    i32.add
    call 2
    drop
    local.get 1
    i32.const 16
    i32.add
    global.set 0
    local.get 0
    i32.const 1061
    i32.const 1061
    call 8
    i32.const 1053
    i32.const 1053
    call 8
    call 3
    drop
    local.get 0
    i32.const 0
    call 1
    drop
    i32.const 1066
    i64.const 1
    call 6
  )
  (func (;6;) (type 6) (param i32 i64)
    local.get 0
    local.get 0
    call 8
    call 7
    i32.const 1074
    i32.const 1
    call 7
    global.get 0
    i32.const 32
    i32.sub
    local.tee 0
    global.set 0
    local.get 0
    local.get 1
    i64.const 10
    i64.rem_u
    i32.wrap_i64
    i32.const 48
    i32.or
    i32.store8
    local.get 0
    i32.const 1
    call 7
    local.get 0
    i32.const 32
    i32.add
    global.set 0
    i32.const 2
    i32.const 1104
    i32.const 1088
    i32.load
    call 4
    drop
    i32.const 1088
    i32.const 0
    i32.store
  )
  (func (;7;) (type 7) (param i32 i32)
    (local i32 i32 i32)
    i32.const 1088
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
      i32.const 1104
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 1088
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
  (func (;8;) (type 8) (param i32) (result i32)
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
  (data (;0;) (i32.const 1024) "{\22key\22:\22model\22,\22value\22:\22m1\22}\00x\00waits\00user\00went_on\00=")
)
