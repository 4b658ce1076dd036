(module
  (type (;0;) (func (result i64)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32 i32 i32) (result i32)))
  (type (;3;) (func))
  (type (;4;) (func (param i32 i64)))
  (type (;5;) (func (param i32 i32)))
  (import "spear" "time_now_ms" (func (;0;) (type 0)))
  (import "spear" "wall_time_s" (func (;1;) (type 0)))
  (import "spear" "random_i64" (func (;2;) (type 0)))
  (import "spear" "sleep_ms" (func (;3;) (type 1)))
  (import "spear" "log" (func (;4;) (type 2)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 83648)
  (export "memory" (memory 0))
  (export "_start" (func 5))
  (export "__indirect_function_table" (table 0))
  (func (;5;) (type 3)
    (local i32 i64)
    i32.const 1073
    call 0
    local.tee 1
    call 6
    i32.const 1089
    call 1
    call 6
    i32.const 1058
    call 2
    call 2
    i64.ne
    i64.extend_i32_u
    call 6
    i32.const 30
    call 3
    i32.const 1080
    call 0
    local.get 1
    i64.sub
    call 6
    i32.const 0
    call 3
    i32.const -1
    local.set 0
    loop ;; label = @1
      local.get 0
      i32.const 6
      i32.eq
      if ;; label = @2
        block ;; label = @3
          i32.const -16385
          local.set 0
          loop ;; label = @4
            local.get 0
            i32.eqz
            br_if 1 (;@3;)
            local.get 0
            i32.const 17585
            i32.add
            i32.const 120
            i32.store8
            local.get 0
            i32.const 1
            i32.add
            local.set 0
            br 0 (;@4;)
          end
          unreachable
        end
      else
        local.get 0
        i32.const 1178
        i32.const 7
        call 4
        drop
        local.get 0
        i32.const 1
        i32.add
        local.set 0
        br 1 (;@1;)
      end
    end
    i32.const 1046
    i32.const 1
    i32.const 1200
    i32.const 16384
    call 4
    i64.extend_i32_s
    call 6
    i32.const 1136
    i32.const 1
    i32.const 1200
    i32.const 16385
    call 4
    i64.extend_i32_s
    call 6
    i32.const 1116
    i32.const 1
    i32.const 1200
    i32.const -1
    call 4
    i64.extend_i32_s
    call 6
    i32.const 1149
    i32.const 1
    memory.size
    i32.const 16
    i32.shl
    i32.const 3
    i32.sub
    i32.const 4
    call 4
    i64.extend_i32_s
    call 6
    i32.const 1095
    i32.const 1
    i32.const -1
    i32.const 1
    call 4
    i64.extend_i32_s
    call 6
    i32.const 1024
    i32.const 1
    i32.const 1200
    i32.const 0
    call 4
    i64.extend_i32_s
    call 6
    i32.const 1163
    i32.const 2
    i32.const 1034
    i32.const 11
    call 4
    i64.extend_i32_s
    call 6
  )
  (func (;6;) (type 4) (param i32 i64)
    (local i32 i32 i64 i64)
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
    call 7
    i32.const 1161
    i32.const 1
    call 7
    i32.const 0
    local.set 0
    global.get 0
    i32.const 32
    i32.sub
    local.tee 2
    global.set 0
    local.get 1
    local.tee 4
    i64.const 63
    i64.shr_s
    local.tee 1
    local.get 4
    i64.add
    local.get 1
    i64.xor
    local.set 1
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 1
      local.get 1
      i64.const 10
      i64.div_u
      local.tee 5
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
      local.get 5
      local.set 1
      br_if 0 (;@1;)
    end
    local.get 4
    i64.const 0
    i64.lt_s
    if ;; label = @1
      i32.const 1176
      i32.const 1
      call 7
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
        call 7
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
    i32.const 17600
    i32.const 17588
    i32.load
    call 4
    drop
    i32.const 17588
    i32.const 0
    i32.store
  )
  (func (;7;) (type 5) (param i32 i32)
    (local i32 i32 i32)
    i32.const 17588
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
      i32.const 17600
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 17588
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
  (data (;0;) (i32.const 1024) "log_empty\00bad \ff\fe text\00log_longest\00random_differs\00now_ms\00slept_ms\00now_s\00log_negative_pointer\00log_negative_length\00log_too_long\00log_outside\00=\00log_not_utf8\00-\00a line\0a")
)
